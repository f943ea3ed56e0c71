internal import Foundation

extension PictureFile {
    /// The longest edge of what everything else is made from, and the shorter one that it has at the least, as far as the
    /// picture goes: the largest small form (contract §8), and no less than a model takes of a wide panorama.
    private static let working = (long: 1440, short: 640)
    /// How many scenes of a film models look at.
    private static let views = 8

    /// Decodes once and makes all that is wished for. The result does not depend on what else is wished for.
    func develop(_ wish: DevelopmentWish, into folder: String) throws(PictureFault) -> Development {
        if let film { return try develop(film, wish, into: folder) }
        let picture = try working()
        let views = wish.inputs.isEmpty ? [] : [try view(of: picture.standard(), nil, wish, into: folder)]
        return try finish(picture, wish, views, into: folder)
    }

    private func develop(_ film: Film, _ wish: DevelopmentWish, into folder: String) throws(PictureFault) -> Development {
        var views: [Development.View] = []
        if !wish.inputs.isEmpty {
            for frame in try scenes(of: film, through: folder) {
                views.append(try view(of: frame.picture(), frame.milliseconds, wish, into: folder))
            }
        }
        let lacksViews = views.isEmpty && !wish.inputs.isEmpty
        guard wish.thumbHash || !wish.ladder.isEmpty || lacksViews else {
            return Development(renditions: [], views: views, thumbHash: nil)
        }
        let still = try film.still()
        if lacksViews { views = [try view(of: still, nil, wish, into: folder)] }
        return try finish(still, wish, views, into: folder)
    }

    /// None when the film ends long before it says, and only its beginning can be decoded.
    private func scenes(of film: Film, through folder: String) throws(PictureFault) -> [Film.Frame] {
        do throws(PictureFault) {
            return try film.pictures(atMost: Self.views, longestEdge: Self.working.long, through: folder)
        } catch {
            guard case .undecodable = error else { throw error }
            return []
        }
    }

    /// What a model takes of this picture alone.
    func pixels(_ fit: PixelFit, to size: PixelSize) throws(PictureFault) -> [UInt8] {
        try Self.pixels(of: working().standard(), fit, size)
    }

    /// The ThumbHash of this picture alone.
    func thumbHash() throws(PictureFault) -> [UInt8] { try Self.thumbHash(of: working().standard()) }

    private func working() throws(PictureFault) -> Picture {
        let short = Double(Self.working.short) / Double(min(size.width, size.height))
        return try upright(scale: min(max(Double(Self.working.long) / Double(size.longestEdge), short), 1), in: .wide)
    }

    private func finish(
        _ picture: borrowing Picture, _ wish: DevelopmentWish, _ views: [Development.View], into folder: String
    ) throws(PictureFault) -> Development {
        Development(
            renditions: try ladder(of: picture, wish.ladder, into: folder), views: views,
            thumbHash: wish.thumbHash ? try Self.thumbHash(of: picture.standard()) : nil)
    }

    private func view(
        of picture: borrowing Picture, _ milliseconds: Int?, _ wish: DevelopmentWish, into folder: String
    ) throws(PictureFault) -> Development.View {
        var view = Development.View(timestampMilliseconds: milliseconds, pixels: [])
        for (number, input) in wish.inputs.enumerated() {
            let path = "\(folder)/input-\(milliseconds ?? 0)-\(number).raw"
            try Self.write(Self.pixels(of: picture, input.fit, input.size), as: path)
            view.pixels.append(Development.Pixels(input: input, path: path))
        }
        return view
    }
}
