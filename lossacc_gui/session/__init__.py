"""One sitting: the document, where one looks, background work and what is remembered; no widgets."""
