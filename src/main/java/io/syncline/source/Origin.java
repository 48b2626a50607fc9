package io.syncline.source;

import io.syncline.source.SourceFailure.Kind;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where a system stands, and the only place its requests go to: scheme, host, port and the path that all of them stay under.
 * {@link GuardedResolver} checks the addresses behind the host when a connection is made.
 */
final class Origin {
    private final URI base;
    private final Asked asked;

    /**
     * @param url the declared address, with its placeholders filled
     * @throws SourceFailure when no request may go there
     */
    Origin(String url, Asked asked) {
        this.asked = asked;
        this.base = checked(url);
    }

    /** The declared address, without a slash at its end. */
    String url() {
        String text = base.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /** Makes a request's URL of text that is encoded already. */
    URI at(String pathAndQuery) {
        String slash = pathAndQuery.isEmpty() || pathAndQuery.startsWith("/") || pathAndQuery.startsWith("?") ? "" : "/";
        return under(parsed(url() + slash + pathAndQuery));
    }

    /**
     * Where a link in an answer leads: absolute, or relative to the request or to the declared address.
     *
     * @throws SourceFailure when it leads anywhere else than the declared address
     */
    URI follow(URI request, String link) {
        if (link.indexOf('\\') >= 0 || link.chars().anyMatch(Character::isISOControl)) {
            throw forbidden("the next link is not a proper address");
        }
        URI given = parsed(Encoded.mended(link));
        if (given.isAbsolute() || given.getRawAuthority() != null || link.startsWith("/")) {
            return under(base.resolve(given));
        }
        if (link.startsWith("?")) {
            return under(parsed(withoutQuery(request) + given));
        }
        URI beside = request.resolve(given);
        return under(beside.getRawPath().equals(request.getRawPath()) ? beside : parsed(url() + "/" + given));
    }

    private URI under(URI uri) {
        boolean same = base.getScheme().equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null && base.getHost().equalsIgnoreCase(uri.getHost())
                && port(base) == port(uri) && uri.getRawUserInfo() == null;
        if (!same) {
            String host = uri.getHost() == null ? "another place" : Asked.shown(uri.getHost()) + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
            throw forbidden("the next link leads to " + host + " and not to the declared address");
        }
        String path = uri.getRawPath();
        // Some servers pass over what follows a semicolon, so that ..; is .. to them.
        String lower = path.toLowerCase(Locale.ROOT).replace("%2e", ".").replaceAll("(%3b|;)[^/]*", "");
        String basePath = base.getRawPath().endsWith("/") ? base.getRawPath() : base.getRawPath() + "/";
        if ((lower + "/").contains("/../") || (lower + "/").contains("/./") || !(path + "/").startsWith(basePath) || uri.getRawFragment() != null) {
            throw forbidden("the request would leave the declared address");
        }
        return uri;
    }

    private URI checked(String url) {
        URI uri = parsed(url);
        String scheme = uri.getScheme();
        if (scheme == null || !scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
            throw forbidden("the declared address is neither http nor https");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null || uri.getRawQuery() != null) {
            throw forbidden("the declared address holds a user, a query or a fragment");
        }
        String host = uri.getHost();
        if (host == null || isOddNumber(host)) {
            throw forbidden("the declared address has no proper host name or address");
        }
        return uri;
    }

    /** {@code 127.1}, {@code 0x7f000001}, {@code 017700000001}: addresses in disguise. */
    private static boolean isOddNumber(String host) {
        if (host.startsWith("[")) {
            return host.indexOf('%') >= 0;
        }
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        String last = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        boolean number = last.matches("[0-9]+|0x[0-9a-f]*");
        return number && !name.matches("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    }

    private URI parsed(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw forbidden("the address is not a proper URL");
        }
    }

    private SourceFailure forbidden(String what) {
        return asked.failure(Kind.FORBIDDEN_ADDRESS, what,
                "Requests only go to the address that the system's file declares; correct it there if that is right");
    }

    private static String withoutQuery(URI uri) {
        String text = uri.toString();
        int query = text.indexOf('?');
        return query < 0 ? text : text.substring(0, query);
    }

    static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }
}
