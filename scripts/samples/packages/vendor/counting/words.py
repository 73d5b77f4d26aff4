from collections import Counter


def counted(text):
    return dict(Counter(text.lower().split()))
