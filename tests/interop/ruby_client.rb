# Debian's S3 encryption clients for Ruby (V1 and V2), driven by JSON lines.
#
# A line asks for one thing and is answered by one line: {} when it worked, else {"error": why}.
#
#   {"do": "put" | "get", "client": "v1" | "v2", "s3": URL, "kms": URL, "bucket": B, "key": K,
#    "file": PATH, "kms_key": ARN, "context": {...}, "instruction": true | false}

require 'aws-sdk-kms'
require 'aws-sdk-s3'
require 'json'

def client(task)
  s3 = Aws::S3::Client.new(endpoint: task['s3'], force_path_style: true)
  kms = Aws::KMS::Client.new(endpoint: task['kms'])
  options = {
    client: s3,
    kms_client: kms,
    envelope_location: task['instruction'] ? :instruction_file : :metadata
  }
  return Aws::S3::Encryption::Client.new(**options, kms_key_id: task['kms_key']) if task['client'] == 'v1'

  # This KMS client knows no key id in Decrypt, so reading goes without.
  any = :kms_allow_decrypt_with_any_cmk
  Aws::S3::EncryptionV2::Client.new(
    **options,
    kms_key_id: task['do'] == 'get' ? any : task['kms_key'],
    key_wrap_schema: :kms_context,
    content_encryption_schema: :aes_gcm_no_padding,
    security_profile: :v2
  )
end

def perform(task)
  place = { bucket: task['bucket'], key: task['key'] }
  place[:kms_encryption_context] = task['context'] if task['client'] == 'v2'
  if task['do'] == 'put'
    File.open(task['file'], 'rb') { |body| client(task).put_object(**place, body: body) }
  else
    client(task).get_object(**place, response_target: task['file'])
  end
  {}
end

$stdout.sync = true
$stdin.each_line do |line|
  answer =
    begin
      perform(JSON.parse(line))
    rescue StandardError => e # the caller decides whether a refusal was wanted
      { error: "#{e.class}: #{e.message}" }
    end
  puts JSON.generate(answer)
end
