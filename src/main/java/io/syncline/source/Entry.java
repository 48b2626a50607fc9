package io.syncline.source;

import io.syncline.config.Connection;
import io.syncline.config.SourceConfig;
import io.syncline.config.SourceConfig.Auth;
import io.syncline.config.SystemConfig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** How requests get in: with the credentials of the organisation, added last and never part of a message. */
final class Entry implements Once {
    private final Retries retries;
    private final Tokens tokens;
    private final Outbound outbound;

    Entry(Outbound outbound, Waiting waiting) {
        this.outbound = outbound;
        this.retries = new Retries(outbound, waiting);
        this.tokens = new Tokens(retries, waiting);
    }

    /**
     * Sends the request with credentials, until it is answered; once more with a new token when the one we hold is refused.
     *
     * @param said what the system itself says where it has a problem, fit to be shown; or null
     */
    HttpAnswer send(Read read, HttpRequest request, Function<HttpAnswer, String> said) {
        try {
            return send(read, request, (sent, system) -> retries.send(sent, system, said));
        } catch (IOException e) {
            throw new IllegalStateException("what fails is asked again, and then explained", e);
        }
    }

    /** A refused token is renewed here, too: nothing was done with it. */
    @Override
    public HttpAnswer once(Read read, HttpRequest request) throws IOException {
        return send(read, request, outbound::send);
    }

    private HttpAnswer send(Read read, HttpRequest request, Way way) throws IOException {
        Auth auth = ((SourceConfig.Web) read.system().source()).auth();
        if (!isRenewed(auth)) {
            return way.send(request.with(fixed(read.connection(), auth)), read.system());
        }
        String token = tokens.token(read, auth, null);
        HttpAnswer answer = way.send(request.with(bearing(auth, token)), read.system());
        if (answer.status() != 401) {
            return answer;
        }
        String renewed = tokens.token(read, auth, token);
        return way.send(request.with(bearing(auth, renewed)), read.system());
    }

    private interface Way {
        HttpAnswer send(HttpRequest request, SystemConfig system) throws IOException;
    }

    private static boolean isRenewed(Auth auth) {
        return auth instanceof Auth.OAuth2 || auth instanceof Auth.Login;
    }

    @Override
    public List<String> secrets(Read read) {
        SourceConfig.Web web = (SourceConfig.Web) read.system().source();
        List<String> secrets = new ArrayList<>();
        web.headers().values().stream().filter(value -> value.contains("${")).map(read.connection()::fill).forEach(secrets::add);
        if (web.auth() instanceof Auth.Basic basic) {
            secrets.add(read.connection().fill(basic.password()));
        } else if (web.auth() instanceof Auth.OAuth2 oauth) {
            secrets.add(read.connection().fill(oauth.clientSecret()));
        }
        try {
            Map<String, String> sent = isRenewed(web.auth()) ? bearing(web.auth(), tokens.token(read, web.auth(), null))
                    : fixed(read.connection(), web.auth());
            sent.values().forEach(value -> secrets.add(value.replaceFirst("^(Basic|Bearer) ", "")));
        } catch (SourceFailure e) {
            return null;
        }
        secrets.removeIf(String::isBlank);
        return secrets;
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
