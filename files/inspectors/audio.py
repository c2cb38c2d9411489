"""Inspector of MP3 and Ogg: a walk frame by frame from beginning to end, which also gives the length in seconds."""

import struct

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from files.inspectors.refusal import Refused

FRAMES = 500_000
NOT_SOUND = gettext_lazy("its content is not sound from beginning to end.")


def seconds(file, size, extension):
    """Length of an MP3 or Ogg file in seconds. Raises Refused for anything else."""
    return {"mp3": mp3, "ogg": ogg}[extension](file, size)


# MPEG audio layer III: version bits -> kbit/s by index, samples a second by index, samples a frame (ISO/IEC 11172-3, 13818-3).
RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
VERSIONS = {
    3: (RATES_1, (44100, 48000, 32000), 1152),
    2: (RATES_2, (22050, 24000, 16000), 576),
    0: (RATES_2, (11025, 12000, 8000), 576),
}


def mp3_frame(head):
    """(bytes, seconds) of the frame that begins with these four bytes, or None."""
    bits = int.from_bytes(head, "big")
    version, layer = bits >> 19 & 3, bits >> 17 & 3
    rate, frequency = bits >> 12 & 15, bits >> 10 & 3
    if len(head) < 4 or bits >> 21 != 0x7FF or layer != 1 or version not in VERSIONS or rate in {0, 15} or frequency == 3:
        return None
    rates, frequencies, samples = VERSIONS[version]
    hertz = frequencies[frequency]
    return samples // 8 * rates[rate] * 1000 // hertz + (bits >> 9 & 1), samples / hertz


def mp3(file, size):
    position = after_id3(file)
    end = size - 128 if has_id3v1(file, size) else size
    played = frames = 0
    while position < end:
        file.seek(position)
        frame = mp3_frame(file.read(4))
        if frame is None or frames >= FRAMES:
            raise Refused(NOT_SOUND)
        # The first frame may hold no sound but a table of the encoder's.
        is_table = frames == 0 and any(mark in file.read(36) for mark in (b"Xing", b"Info"))
        played += 0 if is_table else frame[1]
        position += frame[0]
        frames += 1
    if position != end or frames < 2:
        raise Refused(NOT_SOUND)
    return played


def after_id3(file):
    file.seek(0)
    head = file.read(10)
    if head[:3] != b"ID3":
        return 0
    if len(head) < 10 or any(byte & 0x80 for byte in head[6:]):
        raise Refused(NOT_SOUND)
    length = sum(byte << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))
    return 10 + length + (10 if head[5] & 0x10 else 0)


def has_id3v1(file, size):
    file.seek(max(0, size - 128))
    return size > 128 and file.read(3) == b"TAG"


OGG_PAGE = struct.Struct("<4sBBqIIIB")


def ogg(file, size):
    position, serial, granule, clock = 0, None, 0, None
    for _number in range(FRAMES):
        if position >= size:
            break
        file.seek(position)
        head = file.read(OGG_PAGE.size)
        if len(head) < OGG_PAGE.size or head[:5] != b"OggS\0":
            raise Refused(NOT_SOUND)
        *_head, at, stream, _sequence, _sum, segments = OGG_PAGE.unpack(head)
        lengths = file.read(segments)
        if clock is None:
            serial, clock = stream, ogg_clock(file.read(32))
        if stream != serial or len(lengths) != segments:
            raise Refused(_("it holds more than one stream of sound."))
        granule = max(granule, at)
        position += OGG_PAGE.size + segments + sum(lengths)
    if position != size or clock is None:
        raise Refused(NOT_SOUND)
    hertz, skipped = clock
    return max(0, granule - skipped) / hertz


def ogg_clock(packet):
    """(positions a second, positions before the first sound) from the first packet of Vorbis or Opus."""
    if packet[:8] == b"OpusHead":
        return 48000, int.from_bytes(packet[10:12], "little")
    hertz = int.from_bytes(packet[12:16], "little")
    if packet[:7] == b"\x01vorbis" and hertz:
        return hertz, 0
    raise Refused(_("only Vorbis and Opus sound is accepted in Ogg files."))
