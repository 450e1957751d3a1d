"""The read side: small items without personal data, made from cases as things happen to them, and made again at any
time."""
