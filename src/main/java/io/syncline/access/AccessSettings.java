package io.syncline.access;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.time.Duration;

/** What an operator may set of who comes in, and how often. */
@ConfigurationProperties(prefix = "syncline.access", ignoreUnknownFields = false)
record AccessSettings(@DefaultValue Session session, @DefaultValue Link link, @DefaultValue Rate rate, @DefaultValue Jwt jwt) {

    /**
     * @param idle     how long a session lives without a request
     * @param lifetime how long it lives at most
     */
    record Session(@DefaultValue("8h") Duration idle, @DefaultValue("7d") Duration lifetime) {
    }

    /** @param lifetime how long a sign-in link waits to be used */
    record Link(@DefaultValue("10m") Duration lifetime) {
    }

    /**
     * Of each caller, and of each address that shows nothing valid.
     *
     * @param perSecond how many requests are taken in the long run; 0 takes any number
     * @param burst     how many at once after a rest
     */
    record Rate(@DefaultValue("50") int perSecond, @DefaultValue("200") int burst) {
    }

    /**
     * Tokens of an identity provider; none are taken while nothing is said.
     *
     * @param jwks the provider's keys: an https address, or a file
     */
    record Jwt(@DefaultValue("") String issuer, @DefaultValue("") String audience, @DefaultValue("") String jwks,
               @DefaultValue("org_id") String organisationClaim, @DefaultValue("syncline_role") String roleClaim, @DefaultValue("5s") Duration timeout) {
    }
}
