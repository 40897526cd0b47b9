"""Shapes of the pages: ``acts`` one per act, ``intake`` registration and correction, ``worklist`` filters."""
