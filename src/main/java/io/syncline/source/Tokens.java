package io.syncline.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.syncline.config.SourceConfig;
import io.syncline.config.SourceConfig.Auth;
import io.syncline.source.HttpRequest.Purpose;
import io.syncline.source.SourceFailure.Kind;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The tokens we hold, one per organisation, system and credentials. A token is renewed a minute before it expires (or after nine tenths of a shorter
 * life), and when the system no longer takes it; who asks meanwhile waits for that one renewal.
 */
final class Tokens {
    private static final Duration EARLY = Duration.ofMinutes(1);
    private static final Duration UNTOLD_LIFE = Duration.ofMinutes(10);

    private final Retries retries;
    private final Waiting waiting;
    private final Map<Holder, Slot> slots = new ConcurrentHashMap<>();

    Tokens(Retries retries, Waiting waiting) {
        this.retries = retries;
        this.waiting = waiting;
    }

    /** Whose token: other credentials are another holder, so that changed ones take effect at once. */
    private record Holder(String organisation, String system, int credentials) {
    }

    private record Token(String text, Instant renewAt) {
    }

    private static final class Slot {
        private final ReentrantLock renewing = new ReentrantLock();
        private volatile Token token;
    }

    /** @param refused a token that the system has just refused, or null */
    String token(Read read, Auth auth, String refused) {
        HttpRequest request = request(read, auth);
        Slot slot = slots.computeIfAbsent(new Holder(read.connection().organisation(), read.system().name(),
                Objects.hash(request.uri(), request.body())), holder -> new Slot());
        Token held = slot.token;
        if (isGood(held, refused)) {
            return held.text();
        }
        try {
            slot.renewing.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw request.asked().failure(Kind.UNREACHABLE, "stopped while waiting for a token", "Nothing is wrong with the source; run again");
        }
        try {
            if (!isGood(slot.token, refused)) {
                slot.token = fetch(read, auth, request);
            }
            return slot.token.text();
        } finally {
            slot.renewing.unlock();
        }
    }

    private boolean isGood(Token token, String refused) {
        return token != null && !token.text().equals(refused) && waiting.now().isBefore(token.renewAt());
    }

    private Token fetch(Read read, Auth auth, HttpRequest request) {
        Instant before = waiting.now();
        HttpAnswer answer = retries.send(request, read.system());
        if (answer.status() < 200 || answer.status() > 299) {
            throw request.asked().failure(answer.status() < 400 ? Kind.NONSENSE : Kind.DENIED, "answered " + answer.status() + ", we are not let in",
                    "Check the credentials of this organisation");
        }
        List<String> tokenAt = auth instanceof Auth.Login login ? login.token() : List.of("access_token");
        List<String> lifeAt = auth instanceof Auth.Login login ? login.expiresIn() : List.of("expires_in");
        JsonNode whole = tree(answer, request.asked());
        JsonNode token = at(whole, tokenAt);
        if (!token.isTextual() || token.textValue().isEmpty()) {
            throw request.asked().failure(Kind.DENIED, "the answer holds no token at " + String.join(".", tokenAt),
                    "Check the credentials of this organisation");
        }
        JsonNode life = lifeAt == null ? at(whole, List.of()) : at(whole, lifeAt);
        return new Token(token.textValue(), before.plus(useful(life)));
    }

    private static JsonNode tree(HttpAnswer answer, Asked asked) {
        Charsets.requireUtf8(answer, asked);
        try {
            JsonNode tree = HttpReads.JSON.readTree(JsonAnswer.JSON.createParser(answer.body()));
            return tree == null ? MissingNode.getInstance() : tree;
        } catch (IOException e) {
            throw asked.failure(Kind.NONSENSE, "the answer is no JSON", "Check the address in the system's file");
        }
    }

    private static JsonNode at(JsonNode node, List<String> path) {
        JsonNode at = node;
        for (String segment : path) {
            at = at.path(segment);
        }
        return at;
    }

    private static Duration useful(JsonNode life) {
        boolean told = life.isIntegralNumber() || life.isTextual() && life.textValue().matches("[0-9]{1,9}");
        Duration whole = told ? Duration.ofSeconds(Math.max(1, Math.min(life.asLong(), Integer.MAX_VALUE))) : UNTOLD_LIFE;
        Duration tenth = whole.dividedBy(10);
        return whole.minus(tenth.compareTo(EARLY) < 0 ? tenth : EARLY);
    }

    private HttpRequest request(Read read, Auth auth) {
        SourceConfig.Web web = (SourceConfig.Web) read.system().source();
        String declared = auth instanceof Auth.OAuth2 oauth ? oauth.tokenUrl() : ((Auth.Login) auth).url();
        Asked asked = new Asked(read.system().name(), "POST " + declared + " for a token");
        String address = read.connection().fill(declared);
        boolean absolute = address.matches("(?i)[a-z][a-z0-9+.-]*:.*");
        Origin origin = new Origin(absolute ? address : read.connection().fill(web.baseUrl()), asked);
        Map<String, String> headers = Map.of("Accept", "application/json", "User-Agent", "Syncline");
        String body = auth instanceof Auth.OAuth2 oauth ? form(read, oauth)
                : HttpReads.filledBody(read.connection(), ((Auth.Login) auth).body(), asked).toString();
        String type = auth instanceof Auth.OAuth2 ? "application/x-www-form-urlencoded" : "application/json";
        return new HttpRequest(Purpose.TOKEN, "POST", origin.at(absolute ? "" : address), headers, body, type, asked);
    }

    private static String form(Read read, Auth.OAuth2 oauth) {
        StringBuilder form = new StringBuilder("grant_type=client_credentials");
        form.append("&client_id=").append(Encoded.text(read.connection().fill(oauth.clientId())));
        form.append("&client_secret=").append(Encoded.text(read.connection().fill(oauth.clientSecret())));
        if (oauth.scope() != null && !oauth.scope().isEmpty()) {
            form.append("&scope=").append(Encoded.text(read.connection().fill(oauth.scope())));
        }
        return form.toString();
    }
}
