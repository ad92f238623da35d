"""THE VERBS: upload, download, verify, read. Start reading here."""
