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
 */
@ConfigurationProperties(prefix = "syncline.api", ignoreUnknownFields = false)
record ApiSettings(@DefaultValue("30s") Duration patience, @DefaultValue("32") int waiters, @DefaultValue("10MB") DataSize maxBody) {
}
