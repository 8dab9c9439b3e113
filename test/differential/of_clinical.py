"""otdissect beside tshark: clinical and analytical."""
from both import frames, messages


COUNTS = [
    ("hl7", "hl7", lambda p: frames(p, "hl7"), lambda ev: messages(ev, "hl7")),
]

# Facts of identities.tsv that our dissectors are to find, by the field's prefix
FACTS = ("raw.hl7.",)
