package io.syncline.api;

import io.syncline.access.Caller;
import io.syncline.access.Callers;
import io.syncline.access.Links;
import io.syncline.access.Role;
import io.syncline.access.Sessions;
import org.apache.camel.Variable;
import org.springframework.http.HttpStatus;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The doors to oneself: who one is, signing in and out, and the links by which others sign in. Each method answers one operation. */
final class SessionDoor {
    private final Callers callers;
    private final Sessions sessions;
    private final Links links;

    SessionDoor(Callers callers, Sessions sessions, Links links) {
        this.callers = callers;
        this.sessions = sessions;
        this.links = links;
    }

    public Answer me(@Variable(Call.NAME) Call call) {
        return Answer.of(200, Map.of(), shown(call.caller()));
    }

    public Answer signIn(@Variable(Call.NAME) Call call) {
        JsonBody body = JsonBody.read(call.body(), "{\"key\": \"sln_…\"}");
        String key = body.text("key", "is not a key. Write one as it was shown, in quotes.");
        String link = body.text("link", "is not a link. Write what stands behind link= in its address, in quotes.");
        body.refuseMistakes();
        if ((key == null) == (link == null)) {
            throw Refused.badRequest("To sign in takes a key or a link, one of them. Write {\"key\": \"sln_…\"} or {\"link\": \"sln_link…\"}.", Map.of());
        }
        Sessions.Opened opened = key != null ? callers.signIn(key.strip()) : callers.signInByLink(link.strip()).orElseThrow(() ->
                new Refused(HttpStatus.UNAUTHORIZED, "unauthenticated",
                        "The link is unknown, was used before, or is older than it may be. Ask for a new one."));
        Map<String, Object> answer = shown(opened.caller());
        answer.put("endsAt", opened.endsAt().toInstant().toString());
        return Answer.of(201, Map.of("Set-Cookie", SessionCookie.set(opened.token(), opened.lifetime(), call.secure())), answer);
    }

    /** Without a session, there is nothing to end, and nothing wrong. */
    public Answer signOut(@Variable(Call.NAME) Call call) {
        Long session = call.caller().proof().session();
        if (session != null) {
            sessions.end(session);
        }
        return new Answer(204, null, Map.of("Set-Cookie", SessionCookie.cleared(call.secure())), new Answer.Bytes(new byte[0]));
    }

    public Answer link(@Variable(Call.NAME) Call call) {
        JsonBody body = JsonBody.read(call.body(), "{\"name\": \"Ann\", \"role\": \"viewer\"}");
        String name = KeyDoor.name(body);
        Role role = KeyDoor.role(body);
        body.refuseMistakes();
        Links.Link link = links.make(call.caller(), name, role);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("link", link.text());
        answer.put("href", link.address());
        answer.put("name", link.name());
        answer.put("role", link.role().word());
        answer.put("expiresAt", link.expiresAt().toInstant().toString());
        return Answer.of(201, Map.of(), answer);
    }

    private static Map<String, Object> shown(Caller caller) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("name", caller.name());
        answer.put("organisation", caller.organisation());
        answer.put("role", caller.role().word());
        answer.put("by", caller.proof().kind().name().toLowerCase(Locale.ROOT));
        return answer;
    }
}
