"""Opens sheets of music in music21 with warnings as errors; every voice of every bar must add up."""
import sys
import warnings
from fractions import Fraction

warnings.simplefilter("error")
import music21  # noqa: E402

opened = bars = faults = 0
for path in sys.argv[1:]:
    try:
        score = music21.converter.parse(path, forceSource=True)
        for part in score.parts:
            for bar in part.getElementsByClass("Measure"):
                bars += 1
                for voice in bar.voices or [bar]:
                    # Thirds are fractions and halves are floats there: as fractions all are exact, and their sum is.
                    length = sum(Fraction(note.quarterLength) for note in voice.notesAndRests)
                    if length != Fraction(bar.barDuration.quarterLength):
                        raise ValueError(f"bar {bar.number} lasts {length}, not {bar.barDuration.quarterLength}")
        opened += 1
    except Exception as error:  # whatever it is, it is told of this sheet
        faults += 1
        print(f"{path}: {error!r}", file=sys.stderr)
print(f'{{"version": "{music21.__version__}", "opened": {opened}, "bars": {bars}, "faults": {faults}}}')
