"""The core: rows of a document, the values and origins of their columns, payloads, and one verdict for each setting."""
