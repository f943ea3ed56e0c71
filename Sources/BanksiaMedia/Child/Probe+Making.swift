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
            displaySize = header.orientation >= 5 ? header.fullSize.turned : header.fullSize
            encodedSize = Self.encodedSize(header, written)
        } else {
            orientation = format.mediaClass == .image ? metadata.orientation ?? 1 : 1
            let isTurned = format.mediaClass == .image ? orientation >= 5 : tags.map(Self.isFilmTurned) ?? false
            encodedSize = written
            displaySize = isTurned ? written?.turned : written
        }
    }

    /// HEIF turns the picture itself, so its header shows the displayed size; the metadata has the one before.
    private static func encodedSize(_ header: PictureFile, _ written: PixelSize?) -> PixelSize {
        let turnsItself = [MediaFormat.heic, .heif, .avif].contains(header.format)
        return turnsItself && written == header.size.turned ? header.size.turned : header.fullSize
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
        return Int(degrees).isMultiple(of: 180) == false
    }
}
