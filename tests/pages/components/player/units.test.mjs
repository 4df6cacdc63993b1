import assert from "node:assert/strict"
import test from "node:test"
import { unitTicks } from "../../../../pages/components/player/geometry.js"

test("every unit has its number where there is room", () => {
  assert.deepEqual(unitTicks(4, 100), [0, 1, 2, 3])
})

test("where there is less room, numbers are as far apart as it takes", () => {
  assert.deepEqual(unitTicks(16, 110), [0, 2, 4, 6, 8, 10, 12, 14])
  for (const [H, height] of [[16, 30], [64, 90], [256, 200], [2048, 40], [7, 26]]) {
    const ticks = unitTicks(H, height)
    const apart = ticks.length > 1 ? ((ticks[1] - ticks[0]) * height) / H : Infinity
    assert.ok(apart >= 12, `${H} units in ${height} pixels: ${apart}`)
    assert.equal(ticks[0], 0)
    assert.ok(ticks.at(-1) < H)
  }
})
