"""XLSX workbooks written by hand: the few files of the format that hold cells."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

_ROOT = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)


def xlsx(sheets: Mapping[str, Sequence[Sequence[object]] | str], **others: str) -> bytes:
    """A workbook. sheets: rows of cells, None for an empty one, or the XML of its rows.

    others: XML of further files, xl__name for xl/name.xml.
    """
    numbers = range(1, len(sheets) + 1)
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{k}" r:id="rId{k}"/>'
        for k, name in zip(numbers, sheets, strict=True)
    )
    files = {
        "[Content_Types]": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "xl/workbook": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/styles": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="14"/></cellXfs></styleSheet>',
        **{name.replace("__", "/"): content for name, content in others.items()},
    }
    for k, rows in zip(numbers, sheets.values(), strict=True):
        data = rows if isinstance(rows, str) else "".join(map(_row, rows, range(1, len(rows) + 1)))
        files[f"xl/worksheets/sheet{k}"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{data}</sheetData></worksheet>'
        )
    links = "".join(
        f'<Relationship Id="rId{k}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{k}.xml"/>'
        for k in numbers
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.xml", content)
        archive.writestr("_rels/.rels", _ROOT)
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
        )
    return stream.getvalue()


def _row(cells: Sequence[object], number: int) -> str:
    places = (f"{chr(ord('A') + k)}{number}" for k in range(len(cells)))
    return f'<row r="{number}">{"".join(map(_cell, cells, places))}</row>'


def _cell(value: object, place: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
    return f'<c r="{place}"><v>{value}</v></c>'
