"""Spreadsheets in and out: reading what people upload, writing what they download."""

from core.spreadsheets.tables import Column, Problem, ReadRow, Table, read_table

__all__ = ["Column", "Problem", "ReadRow", "Table", "read_table"]
