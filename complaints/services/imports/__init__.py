"""Hotline spreadsheets as complaints (domain §6, Import; oracles README §5)."""

from complaints.services.imports.kind import ComplaintImport

__all__ = ["ComplaintImport"]
