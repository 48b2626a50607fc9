package io.syncline.api;

import org.springframework.http.HttpStatus;
import org.springframework.util.StringUtils;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What stands behind the question mark: each parameter is one that the contract declares for the operation, and is written once. */
final class QueryParameters {
    private QueryParameters() {
    }

    /**
     * @param query as it was sent, or null
     * @param known the operation's parameters
     * @throws Refused when there is another one, or one of them twice
     */
    static Map<String, String> read(String query, Set<String> known) {
        Map<String, String> read = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return read;
        }
        if (known.isEmpty()) {
            throw refused("This address takes no query parameters. Leave out what follows the question mark; what a run is to do goes into the JSON body.");
        }
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = decoded(equals < 0 ? part : part.substring(0, equals));
            if (!known.contains(name) || read.put(name, equals < 0 ? "" : decoded(part.substring(equals + 1))) != null) {
                throw refused("This address takes the query parameters " + String.join(" and ", known) + ", each of them once.");
            }
        }
        return read;
    }

    private static String decoded(String text) {
        try {
            String decoded = StringUtils.uriDecode(text.replace('+', ' '), StandardCharsets.UTF_8);
            if (decoded.chars().noneMatch(Character::isISOControl) && decoded.indexOf('\uFFFD') < 0) {
                return decoded;
            }
        } catch (IllegalArgumentException e) {
            throw refused("The query is not percent-encoded UTF-8 text. Write a blank as %20 and a percent sign as %25.");
        }
        throw refused("The query is not percent-encoded UTF-8 text. Write a blank as %20 and a percent sign as %25.");
    }

    private static Refused refused(String detail) {
        return new Refused(HttpStatus.BAD_REQUEST, "unknown-parameter", detail);
    }
}
