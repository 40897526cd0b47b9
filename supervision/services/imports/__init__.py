"""Spreadsheets of issues: the ledger's own workbook again, and third parties' findings (domain §7, §6 Import)."""

from supervision.services.imports.kind import IssueImport

__all__ = ["IssueImport"]
