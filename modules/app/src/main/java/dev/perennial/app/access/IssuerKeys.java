package dev.perennial.app.access;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import dev.perennial.app.config.WebAddress;
import dev.perennial.exchanger.ExchangerSettings;
import dev.perennial.exchanger.GuardedDocuments;
import dev.perennial.exchanger.GuardedDocuments.Document;
import dev.perennial.exchanger.TokenEndpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fetches the public keys of an issuer (RFC 7517), from where it is told or from where the issuer's
 * metadata say (RFC 8414 section 3, OpenID Connect Discovery section 4). https, or http on this
 * machine; no redirects; answers of at most 256 KiB within 5 s each. What the configuration names
 * may be anywhere; an address that only the metadata name is public, or of the issuer's own origin.
 * Thread-safe.
 */
public final class IssuerKeys {
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final int MAX_BYTES = 256 << 10;
  private static final String ACCEPTED = "application/json, application/jwk-set+json";
  private static final int MAX_KEYS = 100;
  private static final int LEAST_RSA_BITS = 2048; // RFC 7518 section 3.3

  private final URI issuer;
  private final Optional<URI> jwksUri;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  /**
   * @param jwksUri empty where the issuer's metadata are to be asked
   */
  public IssuerKeys(URI issuer, Optional<URI> jwksUri, InstantSource clock, LongSupplier nanoTime) {
    this.issuer = issuer;
    this.jwksUri = jwksUri;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  URI issuer() {
    return issuer;
  }

  /**
   * Blocks for up to three requests.
   *
   * @throws IOException where there are none to be had; its message names the address
   */
  JWKSet fetch() throws IOException {
    try (TokenEndpoint anywhere = endpoint(ExchangerSettings.DEFAULT.withPrivateAddresses(null))) {
      GuardedDocuments named = documents(anywhere);
      if (jwksUri.isPresent()) {
        return keys(named, jwksUri.get());
      }
      URI found = discovered(named);
      return isOfIssuer(found) ? keys(named, found) : foreign(found);
    }
  }

  private TokenEndpoint endpoint(ExchangerSettings settings) {
    return new TokenEndpoint(settings, clock, new SecureRandom());
  }

  private GuardedDocuments documents(TokenEndpoint endpoint) {
    return new GuardedDocuments(endpoint, ANSWER, clock, nanoTime);
  }

  private boolean isOfIssuer(URI address) {
    return Objects.equals(address.getScheme(), issuer.getScheme())
        && Objects.equals(address.getRawAuthority(), issuer.getRawAuthority());
  }

  /** Whoever answers for the issuer has named it, so it must not lead into this network. */
  private JWKSet foreign(URI address) throws IOException {
    try (TokenEndpoint open = endpoint(ExchangerSettings.DEFAULT)) {
      return keys(documents(open), address);
    } catch (IOException e) {
      throw new IOException(
          "jwks_uri of its metadata: " + e.getMessage() + "; or set admin.jwt.jwks-uri", e);
    }
  }

  private static JWKSet keys(GuardedDocuments documents, URI address) throws IOException {
    Document answer = get(documents, address);
    if (answer.status() != 200) {
      throw new IOException(address + " answered HTTP " + answer.status());
    }
    return keys(address, new String(answer.body(), StandardCharsets.UTF_8));
  }

  private static JWKSet keys(URI address, String text) throws IOException {
    try {
      List<JWK> keys =
          JWKSet.parse(text).getKeys().stream()
              .filter(key -> !(key instanceof RSAKey rsa) || rsa.size() >= LEAST_RSA_BITS)
              .toList();
      if (keys.size() > MAX_KEYS) {
        throw new IOException(address + " has more than " + MAX_KEYS + " keys");
      }
      return new JWKSet(keys).toPublicJWKSet();
    } catch (ParseException e) {
      throw new IOException(address + " answered something that is no JWK set", e);
    }
  }

  private URI discovered(GuardedDocuments documents) throws IOException {
    URI address = oauthMetadata();
    Document answer = get(documents, address);
    if (answer.status() != 200) {
      address = openIdConfiguration();
      answer = get(documents, address);
    }
    if (answer.status() != 200) {
      throw new IOException(
          address + " answered HTTP " + answer.status() + "; set admin.jwt.jwks-uri");
    }
    JsonNode metadata = metadata(address, answer);
    if (!metadata.path("issuer").asString("").equals(issuer.toString())) {
      throw new IOException(address + " is about another issuer than admin.jwt.issuer");
    }
    return jwksUri(address, metadata);
  }

  private static JsonNode metadata(URI address, Document answer) throws IOException {
    try {
      return JsonMapper.shared().readTree(answer.body());
    } catch (JacksonException e) {
      throw new IOException(address + " answered something that is no JSON", e);
    }
  }

  private static URI jwksUri(URI address, JsonNode metadata) throws IOException {
    try {
      URI found = URI.create(metadata.path("jwks_uri").asString(""));
      if (WebAddress.isProtected(found)) {
        return found;
      }
    } catch (IllegalArgumentException _) {
      // told below
    }
    throw new IOException(address + " has no jwks_uri that is https");
  }

  /** The well-known part stands before the issuer's path (RFC 8414 section 3.1). */
  private URI oauthMetadata() {
    return issuer.resolve("/.well-known/oauth-authorization-server" + path());
  }

  /** And after it here. */
  private URI openIdConfiguration() {
    return issuer.resolve(path() + "/.well-known/openid-configuration");
  }

  private String path() {
    return Objects.toString(issuer.getRawPath(), "").replaceFirst("/$", "");
  }

  private static Document get(GuardedDocuments documents, URI address) throws IOException {
    try {
      return documents.get(address, ACCEPTED, MAX_BYTES);
    } catch (IOException e) {
      throw new IOException(address + " does not answer well (" + e.getMessage() + ")", e);
    }
  }
}
