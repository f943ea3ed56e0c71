extension PictureFile {
    /// Decodes once to the largest form wanted, and derives the smaller ones from it.
    func render(_ recipes: [RenditionRecipe], into folder: String) throws(PictureFault) -> [RenderedFile] {
        let ordered = recipes.sorted { edge($0) > edge($1) }
        guard let largest = ordered.first else { return [] }
        let gamut = recipes.contains { $0.gamut == .wide } ? RenditionRecipe.Gamut.wide : .standard
        var current = try upright(scale: scale(to: edge(largest)), in: gamut)
        var files: [RenderedFile] = []
        for recipe in ordered {
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
        try upright(horizontal: scale, vertical: scale, leaving: 1, in: gamut)
    }

    /// - Parameter leaving: how many times larger than the result the picture may be opened at the least.
    private func upright(
        horizontal: Double, vertical: Double, leaving: Double, in gamut: RenditionRecipe.Gamut = .standard
    ) throws(PictureFault) -> Picture {
        let picture = try open(forScale: min(max(horizontal, vertical) * leaving, 1))
        let opened = picture.size
        return
            try picture
            .scaled(
                by: Double(size.width) * horizontal / Double(opened.width), Double(size.height) * vertical / Double(opened.height)
            )
            .converted(to: gamut).inMemory().upright()
    }

    /// 8-bit red, green, blue, row by row: upright, over white, in exactly the wanted size.
    func pixels(_ fit: PixelFit, to wanted: PixelSize) throws(PictureFault) -> [UInt8] {
        let shown = displaySize
        var target = wanted
        if fit == .centreCrop {
            // The shorter side fits; the longer one is cut down to a whole number of pixels, then cropped.
            let factor = max(Double(wanted.width) / Double(shown.width), Double(wanted.height) / Double(shown.height))
            target = PixelSize(
                width: max(Int(Double(shown.width) * factor), wanted.width),
                height: max(Int(Double(shown.height) * factor), wanted.height))
        }
        let lying = orientation >= 5 ? target.turned : target
        // A model's features depend on how it was reduced: twice the size leaves that to the bicubic kernel.
        return try upright(
            horizontal: Double(lying.width) / Double(size.width), vertical: Double(lying.height) / Double(size.height), leaving: 2
        ).overWhite().centre(wanted).pixels(bands: 3)
    }

    /// 8-bit red, green, blue, row by row: upright, over white, in its own shape and not enlarged.
    func picture(within longestEdge: Int) throws(PictureFault) -> RawPixels {
        let picture = try upright(scale: scale(to: longestEdge)).overWhite()
        let size = picture.size
        return RawPixels(size: size, bytes: try picture.pixels(bands: 3))
    }

    /// The ThumbHash of the picture, upright.
    func thumbHash() throws(PictureFault) -> [UInt8] {
        let picture = try upright(scale: scale(to: ThumbHash.longestEdge)).withAlpha()
        let size = picture.size
        return ThumbHash.encode(rgba: try picture.pixels(bands: 4), size: size)
    }
}
