"""Fit the projection of the word pieces' vectors for the packaged model.

    python scripts/fit_projection.py

Embeds the texts of assistant/indexing/fitting.txt with the packaged model in fp32 and writes
assistant/indexing/projection.npz. To be run again only when the packaged model changes: a new projection is a new
fingerprint, and every index is then built anew. Another model has its projection fitted in the same way when it is
first loaded.
"""

from __future__ import annotations

import argparse

from assistant.indexing import inference, model_files


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    folder = model_files.model_folder("")
    projection = inference.fitted(inference.torch_model(folder), folder)
    projection.save(model_files.PROJECTION, weights=model_files.hashes(folder)["model.safetensors"])
    print(f"{model_files.PROJECTION}: {projection.matrix.shape[0]} to {projection.matrix.shape[1]} dimensions")


if __name__ == "__main__":
    main()
