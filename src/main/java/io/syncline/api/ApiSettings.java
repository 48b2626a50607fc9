package io.syncline.api;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

import java.time.Duration;

/**
 * What an operator may set of the doors.
 *
 * @param patience how long a door waits for the end of a run before it answers 202
 * @param waiters how many requests may wait at a time; the others get their 202 at once, so that waiting never takes the threads that others need
 * @param maxBody of a request
 * @param bodyWithin how long the body of a request may take to come as a whole
 * @param watchers how many may watch runs at a time; each takes a thread for as long as it watches
 * @param exports how many exports are written at a time; each takes a thread and a connection to the database for as long as its client takes
 */
@ConfigurationProperties(prefix = "syncline.api", ignoreUnknownFields = false)
record ApiSettings(@DefaultValue("30s") Duration patience, @DefaultValue("32") int waiters, @DefaultValue("10MB") DataSize maxBody,
                   @DefaultValue("1m") Duration bodyWithin, @DefaultValue("32") int watchers, @DefaultValue("4") int exports, @DefaultValue Once idempotency) {

    /**
     * @param keep  how long an answer can be asked for again with its Idempotency-Key
     * @param sweep how often those that are older are thrown away
     */
    record Once(@DefaultValue("24h") Duration keep, @DefaultValue("1h") Duration sweep) {
    }
}
