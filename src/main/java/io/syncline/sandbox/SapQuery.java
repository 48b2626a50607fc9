package io.syncline.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request asks of an entity set, taken as literally as the real ones do: a blank is {@code %20}, and a literal of another form is refused or, worse,
 * selects something else.
 */
final class SapQuery {
    private static final Pattern CHANGED = Pattern.compile("ChangedAt (ge|gt) (.+)");
    private static final Pattern STATUS = Pattern.compile("Status eq '([^']*)'");
    private static final Pattern QUOTED = Pattern.compile("'[^']*'");

    private final boolean four;
    private final Map<String, String> options = new LinkedHashMap<>();

    /** The request is refused. */
    static final class Invalid extends Exception {
        Invalid(String message) {
            super(message);
        }
    }

    SapQuery(boolean four, String query) throws Invalid {
        this.four = four;
        for (String pair : query.split("&")) {
            int at = pair.indexOf('=');
            if (at > 0) {
                if (pair.substring(at).indexOf('+') >= 0) {
                    throw new Invalid("Invalid token '+' detected at position " + pair.indexOf('+') + ".");
                }
                options.put(decoded(pair.substring(0, at)), decoded(pair.substring(at + 1)));
            }
        }
    }

    String option(String name) {
        return options.getOrDefault(name, "");
    }

    boolean counts() {
        return four ? option("$count").equals("true") : option("$inlinecount").equals("allpages");
    }

    Set<String> select() {
        Set<String> select = new TreeSet<>();
        for (String name : option("$select").split(",")) {
            if (!name.isBlank()) {
                select.add(name.strip());
            }
        }
        return select;
    }

    boolean expandsItems() {
        return option("$expand").equals("Items");
    }

    int top() throws Invalid {
        String top = option("$top");
        if (!top.matches("[0-9]{0,9}")) {
            throw new Invalid("Invalid value for $top.");
        }
        return top.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(top);
    }

    /** Offset, delta mark and where the delta ends, which the token holds though nobody is to look into it. */
    int[] token(String name) throws Invalid {
        if (option(name).isEmpty()) {
            return null;
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(option(name)), StandardCharsets.UTF_8).split(":");
            return new int[] {Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), parts.length > 2 ? Integer.parseInt(parts[2]) : -1};
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new Invalid("The token is not valid.");
        }
    }

    static String token(int offset, int mark) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((offset + ":" + mark).getBytes(StandardCharsets.UTF_8));
    }

    static String token(int offset, int mark, int end) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((offset + ":" + mark + ":" + end).getBytes(StandardCharsets.UTF_8));
    }

    Predicate<SapCase> filter() throws Invalid {
        String filter = option("$filter");
        Matcher status = STATUS.matcher(filter);
        Matcher changed = CHANGED.matcher(filter);
        if (filter.isEmpty()) {
            return any -> true;
        } else if (status.matches()) {
            return given -> given.status().equals(status.group(1));
        } else if (!changed.matches()) {
            throw new Invalid("The filter expression is not valid.");
        } else if (QUOTED.matcher(changed.group(2)).matches()) {
            // Compared as a text, no time is later than it.
            return none -> false;
        }
        Instant from = moment(changed.group(2));
        boolean inclusive = changed.group(1).equals("ge");
        return given -> given.changedAt().isAfter(from) || inclusive && given.changedAt().equals(from);
    }

    private Instant moment(String literal) throws Invalid {
        try {
            if (four) {
                return OffsetDateTime.parse(literal).toInstant();
            }
            Matcher prefixed = Pattern.compile("(datetime|datetimeoffset)'([^']+)'").matcher(literal);
            if (prefixed.matches()) {
                // A datetime has no zone, so it is taken in the server's own.
                return prefixed.group(1).equals("datetimeoffset") ? OffsetDateTime.parse(prefixed.group(2)).toInstant()
                        : LocalDateTime.parse(prefixed.group(2)).atZone(ZoneId.of("Asia/Tokyo")).toInstant();
            }
        } catch (DateTimeException e) {
            throw new Invalid("Invalid literal " + literal + ".");
        }
        throw new Invalid("Invalid literal " + literal + ".");
    }

    static String decoded(String encoded) {
        byte[] bytes = encoded.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '%' && at + 2 < bytes.length) {
                to.write(Integer.parseInt(encoded.substring(at + 1, at + 3), 16));
                at += 2;
            } else {
                to.write(bytes[at]);
            }
        }
        return to.toString(StandardCharsets.UTF_8);
    }
}
