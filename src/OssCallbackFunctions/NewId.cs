namespace OssCallbackFunctions;

/// <summary>Makes ids that nobody else makes: 32 hex digits.</summary>
public delegate string NewId();
