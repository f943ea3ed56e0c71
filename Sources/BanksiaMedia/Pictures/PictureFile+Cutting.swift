extension PictureFile {
    /// Renders a part of the picture as the recipe says, never enlarged.
    ///
    /// - Parameter area: moved inside where it leaves the picture.
    func cut(_ area: PictureArea, _ recipe: RenditionRecipe, into folder: String) throws(PictureFault) -> RenderedFile {
        let shown = displaySize
        let area = area.moved(into: shown)
        let edge = recipe.longestEdge ?? recipe.format.edgeLimit
        let picture = try upright(scale: min(Double(edge) / Double(area.longestEdge), 1))
        return try write(picture.cut(area.scaled(from: shown, to: picture.size)), recipe, into: folder)
    }
}
