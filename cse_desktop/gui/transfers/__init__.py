"""The table of transfers, and questions before one starts."""
