"""What people see: one file a page, and the only code that knows Streamlit."""
