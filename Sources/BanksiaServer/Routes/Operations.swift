/// The route table: everything this server answers.
enum Operations {
    static let all: [Operation] =
        ServerRoutes.operations + OAuthRoutes.operations + UserRoutes.operations + APIKeyRoutes.operations
        + LibraryRoutes.operations + MemberRoutes.operations + InvitationRoutes.operations
        + AssetRoutes.operations + AssetChangeRoutes.operations + TrashRoutes.operations
        + MoveRoutes.operations + VersionRoutes.operations + SidecarRoutes.operations + DuplicateRoutes.operations
        + MediaRoutes.operations + AlbumRoutes.operations + AlbumAssetRoutes.operations
        + StackRoutes.operations + SearchRoutes.operations + TaskRoutes.operations + FeedbackRoutes.operations
        + EventRoutes.operations
        + PersonRoutes.operations + FaceRoutes.operations + CorrectionRoutes.operations
        + FaceDataRoutes.operations + SuggestionRoutes.operations
}
