package io.syncline.source;

import io.syncline.config.Connection;
import io.syncline.config.SourceConfig;
import io.syncline.config.SourceConfig.Auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.function.Function;

/** How requests get in: with the credentials of the organisation, added last and never part of a message. */
final class Entry {
    private final Retries retries;
    private final Tokens tokens;

    Entry(Retries retries, Tokens tokens) {
        this.retries = retries;
        this.tokens = tokens;
    }

    /**
     * Sends the request with credentials; once more with a new token when the one we hold is refused.
     *
     * @param said what the system itself says where it has a problem, fit to be shown; or null
     */
    HttpAnswer send(Read read, HttpRequest request, Function<HttpAnswer, String> said) {
        Auth auth = ((SourceConfig.Web) read.system().source()).auth();
        if (!(auth instanceof Auth.OAuth2) && !(auth instanceof Auth.Login)) {
            return retries.send(request.with(fixed(read.connection(), auth)), read.system(), said);
        }
        String token = tokens.token(read, auth, null);
        HttpAnswer answer = retries.send(request.with(bearing(auth, token)), read.system(), said);
        if (answer.status() != 401) {
            return answer;
        }
        String renewed = tokens.token(read, auth, token);
        return retries.send(request.with(bearing(auth, renewed)), read.system(), said);
    }

    /** What says who we are without being asked for first. */
    static Map<String, String> fixed(Connection connection, Auth auth) {
        if (auth instanceof Auth.Basic basic) {
            byte[] pair = (connection.fill(basic.user()) + ":" + connection.fill(basic.password())).getBytes(StandardCharsets.UTF_8);
            return Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
        }
        if (auth instanceof Auth.Bearer bearer) {
            return Map.of("Authorization", "Bearer " + connection.fill(bearer.token()));
        }
        if (auth instanceof Auth.Header header) {
            return Map.of(header.name(), connection.fill(header.value()));
        }
        return Map.of();
    }

    private static Map<String, String> bearing(Auth auth, String token) {
        return auth instanceof Auth.Login login ? Map.of(login.header(), login.prefix() + token) : Map.of("Authorization", "Bearer " + token);
    }
}
