package dev.perennial.kms.aws;

import com.google.crypto.tink.Aead;
import dev.perennial.sealing.KmsUnreachableException;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.KmsException;

/**
 * One key of AWS KMS. Associated data go into the encryption context as Tink's own integration puts
 * them there; none where there are none. Thread-safe.
 */
final class AwsKmsKey implements Aead {
  private static final String CONTEXT = "associatedData";

  /** Of a plaintext that KMS takes; a ring with more keys than fit is refused here. */
  private static final int MAX_BYTES = 4096;

  private final KmsClient kms;
  private final String arn;

  AwsKmsKey(KmsClient kms, String arn) {
    this.kms = kms;
    this.arn = arn;
  }

  @Override
  public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
    if (plaintext.length > MAX_BYTES) {
      throw new GeneralSecurityException(
          "AWS KMS encrypts " + MAX_BYTES + " bytes at most; remove retired keys from the ring");
    }
    return asked(() ->
        kms.encrypt(request ->
                request
                    .keyId(arn)
                    .plaintext(SdkBytes.fromByteArray(plaintext))
                    .encryptionContext(context(associatedData)))
            .ciphertextBlob()
            .asByteArray());
  }

  @Override
  public byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
    return asked(() -> {
      DecryptResponse answer =
          kms.decrypt(request ->
              request
                  .keyId(arn)
                  .ciphertextBlob(SdkBytes.fromByteArray(ciphertext))
                  .encryptionContext(context(associatedData)));
      return answer.plaintext().asByteArray();
    });
  }

  private static Map<String, String> context(byte[] associatedData) {
    return associatedData.length == 0
        ? Map.of()
        : Map.of(CONTEXT, HexFormat.of().formatHex(associatedData));
  }

  private byte[] asked(Supplier<byte[]> question) throws GeneralSecurityException {
    try {
      return question.get();
    } catch (KmsException e) {
      if (e.statusCode() >= 500 || e.isThrottlingException()) {
        throw new KmsUnreachableException(said(e), e);
      }
      throw new GeneralSecurityException(said(e), e);
    } catch (SdkClientException e) { // no answer, or no credentials: both may come
      throw new KmsUnreachableException("AWS KMS: " + e.getMessage(), e);
    } catch (SdkException e) {
      throw new GeneralSecurityException("AWS KMS: " + e.getMessage(), e);
    }
  }

  private static String said(KmsException e) {
    String code = e.awsErrorDetails() == null ? "" : " " + e.awsErrorDetails().errorCode();
    return "AWS KMS answered " + e.statusCode() + code;
  }
}
