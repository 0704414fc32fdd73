import AwsS3 from '@uppy/aws-s3';
import Uppy from '@uppy/core';
import { upload } from './uppy.mjs';

upload(Uppy, AwsS3, endpoint => ({ companionEndpoint: endpoint }));
