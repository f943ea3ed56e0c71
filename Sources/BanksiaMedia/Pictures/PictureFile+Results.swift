internal import Foundation

extension PictureFile {
    /// Decodes once to the largest form wanted, and derives the smaller ones from it.
    func render(_ recipes: [RenditionRecipe], into folder: String) throws(PictureFault) -> [RenderedFile] {
        guard let largest = recipes.map(edge).max() else { return [] }
        return try ladder(of: upright(scale: scale(to: largest), in: RenditionRecipe.Gamut(of: recipes)), recipes, into: folder)
    }

    /// The forms wanted of a decoded picture, each derived from the next larger.
    func ladder(
        of picture: borrowing Picture, _ recipes: [RenditionRecipe], into folder: String
    ) throws(PictureFault) -> [RenderedFile] {
        guard !recipes.isEmpty else { return [] }
        var current = try picture.shared()
        var files: [RenderedFile] = []
        for recipe in recipes.sorted(by: { edge($0) > edge($1) }) {
            let scale = Double(edge(recipe)) / Double(current.size.longestEdge)
            if scale < 1 { current = try current.scaled(by: scale, scale).inMemory() }
            var file =
                if recipe.gamut == .standard, current.isWide {
                    try write(current.converted(to: .standard), recipe, into: folder)
                } else {
                    try write(current, recipe, into: folder)
                }
            if recipe.isMeasured { file.measures = try PictureMeasures(current) }
            files.append(file)
        }
        return files
    }

    private func edge(_ recipe: RenditionRecipe) -> Int {
        max(min(recipe.longestEdge ?? .max, size.longestEdge, recipe.format.edgeLimit), 1)
    }

    private func scale(to longestEdge: Int) -> Double { min(Double(longestEdge) / Double(size.longestEdge), 1) }

    func write(_ picture: borrowing Picture, _ recipe: RenditionRecipe, into folder: String) throws(PictureFault)
        -> RenderedFile
    {
        let path = "\(folder)/\(recipe.name).\(recipe.format.suffix)"
        let written = picture.size
        if case .jpeg = recipe.format {
            try picture.overWhite().write(path, as: recipe.format)
        } else {
            try picture.write(path, as: recipe.format)
        }
        return RenderedFile(name: recipe.name, path: path, size: written, mimeType: recipe.format.mimeType)
    }

    /// Decoded at a scale, in sRGB or what is more, standing upright, in memory.
    func upright(scale: Double, in gamut: RenditionRecipe.Gamut = .standard) throws(PictureFault) -> Picture {
        let picture = try open(forScale: scale)
        let opened = picture.size
        return
            try picture
            .scaled(
                by: Double(size.width) * scale / Double(opened.width), Double(size.height) * scale / Double(opened.height)
            )
            .converted(to: gamut).inMemory().upright()
    }

    /// What a model takes: 8-bit red, green, blue, row by row, over white, in exactly the wanted size.
    static func pixels(
        of picture: borrowing Picture, _ fit: PixelFit, _ wanted: PixelSize
    ) throws(PictureFault) -> [UInt8] {
        let shown = picture.size
        var target = wanted
        if fit == .centreCrop {
            // The shorter side fits; the longer one is cut down to a whole number of pixels, then cropped.
            let factor = max(Double(wanted.width) / Double(shown.width), Double(wanted.height) / Double(shown.height))
            target = PixelSize(
                width: max(Int((Double(shown.width) * factor).rounded(.down)), wanted.width),
                height: max(Int((Double(shown.height) * factor).rounded(.down)), wanted.height))
        }
        return try picture.scaled(
            by: Double(target.width) / Double(shown.width), Double(target.height) / Double(shown.height)
        ).inMemory().overWhite().centre(wanted).pixels(bands: 3)
    }

    /// Its pixels in a file: upright, over white, in its own shape and not enlarged.
    func picture(within longestEdge: Int, as output: String) throws(PictureFault) -> PixelFile {
        let picture = try upright(scale: scale(to: longestEdge)).overWhite()
        let size = picture.size
        try Self.write(picture.pixels(bands: 3), as: output)
        return PixelFile(size: size, path: output)
    }

    static func write(_ pixels: [UInt8], as path: String) throws(PictureFault) {
        guard FileManager.default.createFile(atPath: path, contents: Data(pixels)) else {
            throw .storage(reason: "pixels could not be written")
        }
    }

    /// The ThumbHash of a picture.
    static func thumbHash(of picture: borrowing Picture) throws(PictureFault) -> [UInt8] {
        let scale = min(Double(ThumbHash.longestEdge) / Double(picture.size.longestEdge), 1)
        let small = try picture.scaled(by: scale, scale).inMemory().withAlpha()
        let size = small.size
        return ThumbHash.encode(rgba: try small.pixels(bands: 4), size: size)
    }
}

extension RenditionRecipe.Gamut {
    /// What a picture has to be decoded in for these recipes.
    init(of recipes: [RenditionRecipe]) { self = recipes.contains { $0.gamut == .wide } ? .wide : .standard }
}
