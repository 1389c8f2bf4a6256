"""Papers (公文、简报、单据): their kinds, compiled from the data by templates, issued, rendered as .docx and PDF."""
