/// Where to send a browser for a sign-in.
package struct AuthURLResponse: JSONWritable, Sendable {
    package let url: String

    package init(url: String) { self.url = url }

    package func write(to writer: inout JSONWriter) { writer.object { $0.field("url", url) } }
}

/// Who has signed in, as the exchange shows them.
package struct ExchangeUserResponse: JSONWritable, Sendable {
    package let id: String
    /// Their name at the identity provider. The key is the contract's.
    package let providerUserID: String?
    package let email: String?
    package let firstName: String?
    package let isActive: Bool
    package let isVerified: Bool
    package let lastName: String?

    package init(
        id: String, providerUserID: String?, email: String?, firstName: String?, isActive: Bool, isVerified: Bool,
        lastName: String?
    ) {
        self.id = id
        self.providerUserID = providerUserID
        self.email = email
        self.firstName = firstName
        self.isActive = isActive
        self.isVerified = isVerified
        self.lastName = lastName
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("clerk_user_id", providerUserID)
            $0.field("email", email)
            $0.field("first_name", firstName)
            $0.field("is_active", isActive)
            $0.field("is_verified", isVerified)
            $0.field("last_name", lastName)
        }
    }
}

/// The end of a sign-in: a token, and whose it is.
package struct ExchangeResponse: JSONWritable, Sendable {
    package let accessToken: String
    package let user: ExchangeUserResponse

    package init(accessToken: String, user: ExchangeUserResponse) {
        self.accessToken = accessToken
        self.user = user
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("access_token", accessToken)
            $0.field("user", user)
        }
    }
}

/// Where a browser signs out.
package struct LogoutEndpointResponse: JSONWritable, Sendable {
    package let logoutEndpoint: String

    package init(logoutEndpoint: String) { self.logoutEndpoint = logoutEndpoint }

    package func write(to writer: inout JSONWriter) { writer.object { $0.field("logout_endpoint", logoutEndpoint) } }
}
