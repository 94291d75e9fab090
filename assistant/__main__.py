"""``python -m assistant`` is ``casewise``."""

from assistant.cli import main

if __name__ == "__main__":
    main()
