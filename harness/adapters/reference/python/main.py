"""Starts the adapter: see README.md, and ADAPTERS.md for the rules (L1, S3, …) that the comments name."""

from adapter.life import main

if __name__ == "__main__":
    main()
