extension Probe {
    /// Puts together what the decoder's header and the metadata say; the header is believed about the size.
    init(format: MediaFormat, header: PictureFile?, tags: Tags?, metadataProblem: String?) {
        self.format = format
        self.metadataProblem = metadataProblem
        metadata = tags.map { EmbeddedMetadata($0) } ?? EmbeddedMetadata()
        frames = header?.frames ?? 1
        let written = tags.flatMap(Self.writtenSize)
        if let film = header?.film {
            orientation = 1
            (encodedSize, displaySize) = (film.codedSize, film.displaySize)
            metadata.duration = metadata.duration ?? film.duration
            metadata.fps = metadata.fps ?? film.pace
        } else if let header {
            orientation = header.orientation
            let size = format.isRaw ? Self.photographed(header.fullSize, written) : header.fullSize
            displaySize = header.orientation >= 5 ? size.turned : size
            encodedSize = Self.encodedSize(size, format, written)
        } else {
            orientation = format.mediaClass == .image ? metadata.orientation ?? 1 : 1
            let isTurned = format.mediaClass == .image ? orientation >= 5 : tags.map(Self.isFilmTurned) ?? false
            encodedSize = written
            displaySize = isTurned ? written?.turned : written
        }
    }

    /// HEIF cuts and turns the picture itself, so its header shows the displayed size; the metadata has the one before.
    private static func encodedSize(_ size: PixelSize, _ format: MediaFormat, _ written: PixelSize?) -> PixelSize {
        guard format.isHEIF, let written,
            [size, size.turned].contains(where: { $0.width <= written.width && $0.height <= written.height })
        else { return size }
        return written
    }

    /// A camera leaves the rim of its sensor out of its pictures, and says so; what is much smaller is another picture.
    private static func photographed(_ sensor: PixelSize, _ written: PixelSize?) -> PixelSize {
        guard let written, written.width <= sensor.width, written.height <= sensor.height,
            written.count > sensor.count / 10 * 9
        else { return sensor }
        return written
    }

    private static func writtenSize(_ tags: Tags) -> PixelSize? {
        let sides =
            tags.text("Composite:ImageSize")?.split(whereSeparator: { $0 == " " || $0 == "x" }).compactMap { Int($0) } ?? []
        guard sides.count == 2, sides.allSatisfy({ $0 > 0 }) else { return nil }
        return PixelSize(width: sides[0], height: sides[1])
    }

    /// Clockwise degrees, as exiftool computes them from a track's matrix.
    private static func isFilmTurned(_ tags: Tags) -> Bool {
        guard let degrees = tags.number("Composite:Rotation", "*:Rotation") else { return false }
        return Int((degrees / 90).rounded()) % 2 != 0
    }
}
