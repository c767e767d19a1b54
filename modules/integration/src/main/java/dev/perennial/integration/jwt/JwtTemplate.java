package dev.perennial.integration.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.perennial.domain.definition.RenderingException;
import dev.perennial.integration.request.JsonTemplate;
import dev.perennial.integration.template.CompiledText;
import dev.perennial.integration.template.Values;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A signed JWT of a definition: a client assertion (RFC 7523), a request object (RFC 9101).
 * Immutable; any thread signs.
 *
 * @param where integration and JSON path, for messages
 */
public record JwtTemplate(
    String where,
    JwtAlgorithm algorithm,
    CompiledText key,
    JsonTemplate.Obj header,
    JsonTemplate.Obj claims) {

  /** Added where the definition does not say {@code exp}. */
  private static final Duration LIFE = Duration.ofSeconds(60);

  /** RFC 7519 section 2: NumericDate, whatever a template makes of it. */
  private static final Set<String> DATES = Set.of("iat", "exp", "nbf", "auth_time");

  private static final int MAX_LENGTH = 48 * 1024;
  private static final int ID_BYTES = 16;

  /**
   * The signed token.
   *
   * @throws RenderingException where a value is missing, or the key cannot be used
   */
  public String sign(Values values, Instant now) {
    Map<String, Object> head = object(header, values);
    head.put("alg", algorithm.name());
    head.putIfAbsent("typ", "JWT");
    try {
      JWSObject jwt = new JWSObject(JWSHeader.parse(head), new Payload(claims(values, now)));
      jwt.sign(algorithm.signer(key.render(values)));
      return bounded(jwt.serialize());
    } catch (UnusableKey e) {
      throw new RenderingException(key.where() + ": " + e.getMessage() + origin(values));
    } catch (JOSEException e) {
      String reason = algorithm.unfit().getMessage();
      throw new RenderingException(key.where() + ": " + reason + origin(values));
    } catch (ParseException e) {
      throw new RenderingException(where + ".header: is no header of a JWT");
    }
  }

  private Map<String, Object> claims(Values values, Instant now) {
    Map<String, Object> all = object(claims, values);
    all.replaceAll(JwtTemplate::date);
    all.putIfAbsent("iat", now.getEpochSecond());
    all.putIfAbsent("exp", now.plus(LIFE).getEpochSecond());
    byte[] id = new byte[ID_BYTES];
    values.random().nextBytes(id);
    all.putIfAbsent("jti", Base64.getUrlEncoder().withoutPadding().encodeToString(id));
    return all;
  }

  private static Object date(String name, Object value) {
    return DATES.contains(name) && value instanceof String text && text.matches("[0-9]{1,12}")
        ? Long.valueOf(text)
        : value;
  }

  private Map<String, Object> object(JsonTemplate.Obj template, Values values) {
    StringBuilder json = new StringBuilder();
    template.render(values, json);
    bounded(json.toString());
    try {
      return JSONObjectUtils.parse(json.toString());
    } catch (ParseException e) {
      // It is JSON; what the parser does not take is a number beyond all bounds.
      throw new RenderingException(where + ": holds a number that is too large");
    }
  }

  private String bounded(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new RenderingException(where + ": is longer than " + MAX_LENGTH + " characters");
    }
    return text;
  }

  /** The names that brought the key, and what to do about the first. */
  private String origin(Values values) {
    String names =
        key.source().uses().stream()
            .map(use -> use.path().toString())
            .distinct()
            .collect(Collectors.joining(", "));
    return names.isEmpty()
        ? ""
        : " (from " + names + ")" + values.remedy(key.source().uses().getFirst().path());
  }
}
