/// The route table: everything this server answers.
enum Operations {
    static let all: [Operation] =
        ServerRoutes.operations + UserRoutes.operations + APIKeyRoutes.operations + LibraryRoutes.operations
        + AssetRoutes.operations
        + MediaRoutes.operations + AlbumRoutes.operations + SearchRoutes.operations + TaskRoutes.operations
}
