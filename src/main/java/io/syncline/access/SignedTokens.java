package io.syncline.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.text.ParseException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Signed tokens (JWT) of the identity provider that the operator names: RS256 or ES256, of its issuer, for our audience, not expired and already valid, give or
 * take a minute. The provider's keys are kept for five minutes and looked for again when a token names an unknown one, but never more than twice in half a
 * minute.
 */
final class SignedTokens implements Tokens {
    private static final Logger LOG = LoggerFactory.getLogger(SignedTokens.class);
    private static final long KEPT = 300_000;
    private static final long LOOK_AGAIN = 30_000;
    private static final int LONGEST = 12_000;
    private static final Pattern LACKS = Pattern.compile("missing required claims: \\[(.*)]");
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}]{1,90}");
    private static final Pattern ORGANISATION = Pattern.compile("[a-z0-9][a-z0-9_-]{0,39}");

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final AccessSettings.Jwt settings;

    SignedTokens(AccessSettings.Jwt settings, JWKSetSource<SecurityContext> keys) {
        this.settings = settings;
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256),
                JWKSourceBuilder.create(keys).cache(KEPT, settings.timeout().toMillis() * 2).rateLimited(LOOK_AGAIN).build()));
        processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(settings.audience(), new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
                Set.of("sub", "exp", settings.organisationClaim(), settings.roleClaim())));
    }

    @Override
    public boolean takes(String credential) {
        return !ApiKey.isMeantBy(credential) && credential.chars().filter(letter -> letter == '.').count() == 2;
    }

    @Override
    public Caller caller(String token) {
        try {
            if (token.length() > LONGEST) {
                throw new NotAdmitted("The token is longer than any that is taken here.", true);
            }
            return caller(processor.process(SignedJWT.parse(token), null));
        } catch (RateLimitReachedException e) {
            throw new NotAdmitted("The token was signed with a key that the identity provider does not show.", true);
        } catch (KeySourceException e) {
            throw new ProviderUnreachable(e);
        } catch (BadJWTException e) {
            throw new NotAdmitted("The token is not for here, or not for now: " + reason(e) + ". Get a new one from the identity provider.", true);
        } catch (BadJOSEException | JOSEException | ParseException e) {
            LOG.debug("a token was refused", e);
            throw new NotAdmitted("The token is not one that the identity provider signed for here with RS256 or ES256.", true);
        }
    }

    private Caller caller(JWTClaimsSet claims) throws ParseException {
        String organisation = claims.getStringClaim(settings.organisationClaim());
        String subject = claims.getSubject();
        Role role = role(claims.getClaim(settings.roleClaim())).orElseThrow(() -> new NotAdmitted("The token's claim " + settings.roleClaim()
                + " names no role. It takes viewer, operator, reviewer or admin.", true));
        if (!ORGANISATION.matcher(organisation).matches()) {
            throw new NotAdmitted("The token's claim " + settings.organisationClaim() + " is not the name of an organisation.", true);
        }
        if (!NAME.matcher(subject).matches()) {
            throw new NotAdmitted("The token's subject cannot be the name of a caller: up to 90 characters, none of them a control character.", true);
        }
        return new Caller("jwt:" + subject, organisation, role, new Caller.Proof(Caller.Kind.TOKEN, null, null));
    }

    /** One role, or the highest of a list; words that mean something elsewhere are passed over. */
    private static Optional<Role> role(Object claim) {
        List<?> words = claim instanceof List<?> list ? list : List.of(claim);
        return Role.given().stream().filter(role -> words.contains(role.word())).reduce((lower, higher) -> higher);
    }

    private static String reason(BadJWTException failure) {
        String message = Objects.requireNonNullElse(failure.getMessage(), "");
        Matcher lacks = LACKS.matcher(message);
        if (lacks.find()) {
            return "it lacks " + lacks.group(1);
        }
        return message.startsWith("Expired") ? "it has expired" : message.contains("before use") ? "it is not valid yet"
                : message.contains("audience") ? "its audience is another one" : "its issuer is another one";
    }
}
