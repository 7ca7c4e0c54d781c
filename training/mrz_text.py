"""Random lines as machine-readable zones hold them (ICAO 9303-3 to -7), and lines that only resemble them."""

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
# In the order in which the networks score them, behind the blank.
ALPHABET = LETTERS + DIGITS + "<"

# Half of all words favour no letter: a network that only ever saw likely names would read likely names.
FREQUENT = "AEIOURNSTLMDCKHBPGVZJYFWXQ"
CODES = ("UTO", "D", "GBR", "USA", "FRA", "ESP", "ITA", "POL", "CHN", "BRA", "IND", "NGA", "UKR", "SWE", "CHE", "AUS")


def check_digit(text):
    """Modulus 10, weights 7-3-1 (ICAO 9303-3, 4.9)."""
    values = (0 if character == "<" else int(character, 36) for character in text)
    return str(sum(value * (7, 3, 1)[position % 3] for position, value in enumerate(values)) % 10)


def with_digit(text):
    return text + check_digit(text)


def word(rng, shortest=2, longest=11):
    letters = FREQUENT if rng.random() < 0.5 else LETTERS
    return "".join(rng.choices(letters, k=rng.randint(shortest, longest)))


def names(rng, length):
    surname = "<".join(word(rng) for _ in range(rng.choice((1, 1, 1, 2, 3))))
    given = "<".join(word(rng) for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 4))))
    return (surname + "<<" + given)[:length].ljust(length, "<")


def code(rng):
    text = rng.choice(CODES) if rng.random() < 0.4 else "".join(rng.choices(LETTERS, k=3))
    return text.ljust(3, "<")


def number(rng, length=9):
    kind = rng.random()
    if kind < 0.35:
        text = "".join(rng.choices(DIGITS, k=length))
    elif kind < 0.75:
        head = rng.randint(1, 3)
        text = "".join(rng.choices(LETTERS, k=head)) + "".join(rng.choices(DIGITS, k=length - head))
    else:
        text = "".join(rng.choices(LETTERS + DIGITS, k=length))
    if rng.random() < 0.2:
        text = text[: rng.randint(5, length)]
    return text.ljust(length, "<")


def date(rng):
    return f"{rng.randint(0, 99):02d}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"


def optional(rng, length):
    kind = rng.random()
    if kind < 0.45:
        return "<" * length
    text = "".join(rng.choices(DIGITS if kind < 0.8 else LETTERS + DIGITS, k=rng.randint(3, length)))
    return text.ljust(length, "<")


def holder(rng):
    """Date of birth, sex, date of expiry."""
    return with_digit(date(rng)) + rng.choice("MF<") + with_digit(date(rng))


def data_line(rng, length):
    """Second line of TD2, TD3, MRV-A and MRV-B."""
    start = with_digit(number(rng)) + code(rng) + holder(rng)
    if length == 44:
        rest = with_digit(optional(rng, 14)) + rng.choice(DIGITS) if rng.random() < 0.7 else optional(rng, 16)
    else:
        rest = optional(rng, 7) + rng.choice(DIGITS) if rng.random() < 0.7 else optional(rng, 8)
    return start + rest


def name_line(rng, length):
    """First line of the same."""
    document = rng.choice(("P<", "P<", "P<", "P" + rng.choice(LETTERS), "V<", "I<", "ID", "AC"))
    return document + code(rng) + names(rng, length - 5)


def td1_line(rng):
    row = rng.randrange(3)
    if row == 0:
        document = rng.choice("IAC") + rng.choice("<DCR" + LETTERS)
        return document + code(rng) + with_digit(number(rng)) + optional(rng, 15)
    if row == 1:
        return holder(rng) + code(rng) + optional(rng, 11) + rng.choice(DIGITS)
    return names(rng, 30)


def random_line(rng):
    """A line of 30, 36 or 44 characters; a quarter is without any grammar, so that no grammar is learnt."""
    if rng.random() < 0.25:
        return "".join(rng.choices(ALPHABET, k=rng.choice((30, 36, 44))))
    length = rng.choice((30, 36, 44, 44))
    if length == 30:
        return td1_line(rng)
    return name_line(rng, length) if rng.random() < 0.5 else data_line(rng, length)


def print_text(rng):
    """What stands elsewhere on a document: never to be taken for a zone."""
    words = [word(rng, 1, 12) for _ in range(rng.randint(1, 9))]
    words = [w.capitalize() if rng.random() < 0.5 else w.lower() if rng.random() < 0.5 else w for w in words]
    if rng.random() < 0.5:
        place = rng.randrange(len(words) + 1)
        words.insert(place, f"{rng.randint(1, 31):02d}.{rng.randint(1, 12):02d}.{rng.randint(1930, 2040)}")
    return (" / " if rng.random() < 0.2 else " ").join(words)
