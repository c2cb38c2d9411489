"""Speak the transcripts of fixtures/recording into fixtures/files, once, at authoring time: `python -m scripts.recordings`.

Needs Debian's espeak-ng and lame. The portal itself needs neither.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import frontmatter

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
VOICE = ("espeak-ng", "-v", "en-gb", "-s", "150", "-g", "4")
# Mono speech is clear at 32 kbit/s: a minute takes 240 kB.
ENCODER = ("lame", "--quiet", "-m", "m", "-b", "32", "--resample", "22.05", "--add-id3v2", "--ta", "CDM portal (speech synthesiser)")


def speak(path):
    post = frontmatter.load(path)
    target = FIXTURES / "files" / post["file"]
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder, "spoken.wav")
        subprocess.run([*VOICE, "-w", sound], input=post.content, text=True, check=True)
        subprocess.run([*ENCODER, "--tt", post["title"], sound, target], check=True)
    return target


def main():
    for path in sorted(FIXTURES.glob("recording/*/*.md")):
        target = speak(path)
        print(f"{target.name}: {target.stat().st_size:,} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
