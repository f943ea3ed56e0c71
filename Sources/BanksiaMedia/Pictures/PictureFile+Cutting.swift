extension PictureFile {
    /// Renders a part of the picture as the recipe says, never enlarged.
    ///
    /// - Parameters:
    ///   - area: moved inside where it leaves the picture.
    ///   - milliseconds: of a film, where in it; its still otherwise.
    func cut(
        _ area: PictureArea, at milliseconds: Int?, _ recipe: RenditionRecipe, into folder: String
    ) throws(PictureFault) -> RenderedFile {
        let shown = displaySize
        let area = area.moved(into: shown)
        let edge = recipe.longestEdge ?? recipe.format.edgeLimit
        let picture = try picture(at: milliseconds, scale: min(Double(edge) / Double(area.longestEdge), 1))
        return try write(picture.cut(area.scaled(from: shown, to: picture.size)), recipe, into: folder)
    }

    private func picture(at milliseconds: Int?, scale: Double) throws(PictureFault) -> Picture {
        guard let film, let milliseconds else { return try upright(scale: scale) }
        return try film.picture(atMilliseconds: milliseconds).scaled(by: scale, scale).inMemory()
    }
}
