"""Pages of text made by hand, one line below the other, for tests of what is understood of them."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.records import Block, Page, Reading, Shape, Word

LINE = 20.0  # points from one block to the next


def reading(*blocks: tuple[Shape, str] | tuple[Shape, Sequence[str], Sequence[str]]) -> Reading:
    """A document of these blocks; '---' begins a new page. A row is given by its cells and the labels above them."""
    made: list[Block] = []
    texts = [""]
    for place, (shape, content, *labels) in enumerate(blocks):
        if content == "---":
            texts.append("")
            continue
        cells = [content] if isinstance(content, str) else list(content)
        page = len(texts)
        words, counts = [], []
        for column, cell in enumerate(cells):
            parts = cell.split()
            counts.append(len(parts))
            words += [
                Word(
                    part,
                    page,
                    50.0 + 500 * column + 40 * n,
                    LINE * place,
                    85.0 + 500 * column + 40 * n,
                    LINE * place + 10,
                )
                for n, part in enumerate(parts)
            ]
        headers = tuple(labels[0]) if labels else ()
        is_row = shape is Shape.ROW
        level = 1 if shape in (Shape.HEADING, Shape.ITEM) else 0
        made.append(Block(shape, tuple(words), level, tuple(counts) if is_row else (), headers))
        texts[-1] += "\n".join(cells) + "\n"
    pages = tuple(Page(n, str(n), 612.0, 792.0, text) for n, text in enumerate(texts, 1))
    return Reading(pages, tuple(made))
