package dev.perennial.kms.aws;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Locale;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;

/**
 * AWS KMS behind Tink's interface, with the SDK that AWS maintains. What it encrypts is what Tink's
 * own {@code tink-awskms} encrypts, and the other way round. Credentials are those of the SDK's
 * chain: environment, web identity, profile, container, instance; a private endpoint is named as
 * the SDK has it ({@code AWS_ENDPOINT_URL_KMS}). Thread-safe.
 */
public final class AwsKms implements KmsClient {
  private static final String PREFIX = "aws-kms://";

  /** For one request with its repetitions. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final Duration ATTEMPT = Duration.ofSeconds(4);

  @Override
  public boolean doesSupport(String keyUri) {
    return keyUri.toLowerCase(Locale.ROOT).startsWith(PREFIX);
  }

  /**
   * @throws GeneralSecurityException always: credentials in a file of our own are one more secret
   */
  @Override
  public KmsClient withCredentials(String credentialPath) throws GeneralSecurityException {
    throw new GeneralSecurityException("give the AWS SDK its credentials in one of its own ways");
  }

  @Override
  public KmsClient withDefaultCredentials() {
    return this;
  }

  /** The key; AWS is asked nothing yet. */
  @Override
  public Aead getAead(String keyUri) throws GeneralSecurityException {
    KeyArn key = KeyArn.parse(keyUri.substring(PREFIX.length()));
    return new AwsKmsKey(client(key), key.arn());
  }

  private software.amazon.awssdk.services.kms.KmsClient client(KeyArn key) {
    return software.amazon.awssdk.services.kms.KmsClient.builder()
        .region(Region.of(key.region()))
        .credentialsProvider(DefaultCredentialsProvider.builder().build())
        .httpClientBuilder(
            UrlConnectionHttpClient.builder().connectionTimeout(ATTEMPT).socketTimeout(ATTEMPT))
        .overrideConfiguration(
            limits -> limits.apiCallTimeout(LIMIT).apiCallAttemptTimeout(ATTEMPT))
        .build();
  }
}
