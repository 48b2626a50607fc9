package io.syncline.api;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;

/**
 * The cookie of a session. No script can read it and no other site can have it sent; by https it has a name that no other host may set, and never travels
 * in clear.
 */
final class SessionCookie {
    private static final String PLAIN = "syncline";
    private static final String SECURE = "__Host-" + PLAIN;

    private SessionCookie() {
    }

    /** Null when there is none. */
    static String read(HttpServletRequest request) {
        String name = name(isSecure(request));
        Cookie[] cookies = Objects.requireNonNullElse(request.getCookies(), new Cookie[0]);
        return Arrays.stream(cookies).filter(cookie -> cookie.getName().equals(name)).map(Cookie::getValue).findFirst().orElse(null);
    }

    /** A proxy in front that speaks https says so; whoever else says so gains a cookie that only https carries. */
    static boolean isSecure(HttpServletRequest request) {
        return request.isSecure() || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"));
    }

    static String set(String token, Duration lifetime, boolean secure) {
        return name(secure) + "=" + token + "; Path=/; Max-Age=" + lifetime.toSeconds() + "; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : "");
    }

    static String cleared(boolean secure) {
        return set("", Duration.ZERO, secure);
    }

    private static String name(boolean secure) {
        return secure ? SECURE : PLAIN;
    }
}
