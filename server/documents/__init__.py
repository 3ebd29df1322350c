"""Papers of the office, returns and letters: DOCX, PDF, XLSX as Decree 30/2020 lays them out (docs/documents.md)."""
